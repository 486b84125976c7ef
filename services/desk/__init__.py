"""The caseworkers' desk: pages over the public interface of their node, and a list of work of its own."""
