"""What a browser and a machine that watches see. FastAPI and uvicorn are named here only."""
