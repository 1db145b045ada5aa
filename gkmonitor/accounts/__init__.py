"""Who may do what at the desk: accounts, roles and permissions, passwords. Pure: no database, no web, no clock."""
