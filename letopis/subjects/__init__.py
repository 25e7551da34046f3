"""What a person may ask of a business about himself (see, correct, block, erase) and the papers that prove it.

Stands right of the rooms that know persons, dialogues and visits, because all of them have to answer; how content is
erased is the business of `privacy`.
"""
