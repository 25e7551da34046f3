"""The ground every room stands on: clock, ids, errors, named SQL, the database, the page kit. Knows no room."""
