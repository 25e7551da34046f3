"""The numbers: definitions, leads, daily rollup, and the pipeline that derives all rows from the journal."""
