"""Documents that fill themselves: tables in Markdown files, written from what is recorded."""
