"""The letters that an institution prints and signs, each made from what the interface gave the person who asks."""
