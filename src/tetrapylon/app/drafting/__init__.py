"""A first manifest, drafted from what is found in a folder or in a file of another tool."""
