t
R ${A
