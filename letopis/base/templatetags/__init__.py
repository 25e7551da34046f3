"""Tags and filters of the page kit."""
