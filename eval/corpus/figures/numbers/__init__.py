"""Numbers of trial design that figures, tables and workbooks of the corpus show, computed here."""
