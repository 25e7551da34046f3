"""The numbers for BI tools: views of the schema `bi`, roles that read nothing else, and which businesses they read."""
