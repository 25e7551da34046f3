"""Who is who: businesses, people, roles, API keys, the access log and the wall between businesses."""
