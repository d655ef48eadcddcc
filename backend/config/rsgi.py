"""What Granian serves: the program, behind the door that waits for bodies."""

from config.wsgi import application as program

# isort: split
from config.door import Application  # needs Django to be set up, which the program does

application = Application(program)
