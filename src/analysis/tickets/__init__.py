"""From tickets to panels: any city's export of single cases, read, cleaned and counted."""
