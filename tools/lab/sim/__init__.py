"""The world around a meter: house, car, charger, CT front end, RS-485 line, breaker and judge."""
