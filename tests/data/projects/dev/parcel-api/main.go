package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
)

type model struct {
	Intercept    float64   `json:"intercept"`
	Coefficients []float64 `json:"coefficients"`
}

func load(path string) (*model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var m model
	return &m, json.Unmarshal(data, &m)
}

func main() {
	m, err := load("eta.json")
	if err != nil {
		log.Fatal(err)
	}
	router := chi.NewRouter()
	router.Get("/eta", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]float64{"minutes": m.Intercept})
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", router))
}
