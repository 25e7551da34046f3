"""Tables: one description, written as a part of a page, as CSV and as XLSX; and files of people read back into rows.

`table` describes, `markup`, `delimited` and `workbook` write, `answers` hands a file to a browser, `reading` reads an
upload.
"""
