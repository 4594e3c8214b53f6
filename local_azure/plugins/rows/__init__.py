"""One file of rows for each module of azure-native."""
