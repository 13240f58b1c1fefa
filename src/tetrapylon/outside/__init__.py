"""The only door to files, clock, processes and network; every bound lives here."""
