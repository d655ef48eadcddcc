from config.cli import main

main(prog_name="alawael")
