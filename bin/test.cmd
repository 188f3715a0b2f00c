@rem The same door on Windows.
@py -3 "%~dp0house.py" test %*
