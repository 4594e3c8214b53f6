"""Where rows are read from: workspaces of Azure, or files."""
