"""How each number is reckoned, told to people and to programs from the definitions themselves."""
