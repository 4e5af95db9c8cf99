module venue

go 1.19
