"""The papers of a month: the notice as .docx, .xlsx, .html and .pdf, and what goes to each unit. Counts nothing."""
