"""The faults, one function each: it disturbs a working system, waits for its healing and has it judged."""
