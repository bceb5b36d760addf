package devstack

// FreePorts lets tests choose ports in the way that Services does.
var FreePorts = freePorts
