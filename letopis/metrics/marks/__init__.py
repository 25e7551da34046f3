"""Change marks: what was changed and when, and whether it helped.

`mark` and `told` say which marks there are, `reader` keeps them, `weeks` and `comparison` hold before against after.
"""
