"""Charts as pure functions of data: one drawing, two skins.

Each module holds one chart: frozen dataclasses that say what is seen, and one function that draws it as safe markup.
Without `size` a chart is for the screen: it fills its box, colours come from the page's classes. With `size` it is for
paper and mail: fixed, colours and font as attributes. No chart reads a clock or a database, none has an id or a style.
"""
