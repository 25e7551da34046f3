"""What goes wrong, and where: the map of a scenario, its steps, drops and ways. It has no tables of its own."""
