"""Our readings as a Modbus meter, for chargers that poll one."""
