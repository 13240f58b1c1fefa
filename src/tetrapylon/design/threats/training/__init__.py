"""Training by role: modules, quizzes, practical items from the system's own threats, and results that end."""
