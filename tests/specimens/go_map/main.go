// A proxy herd: ./proxy-herd --id NAME
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

var ports = map[string]int{
	"Hill": 15260, "Jaquez": 15261, "Smith": 15262, "Campbell": 15263, "Singleton": 15264,
}

var links = map[string][]string{
	"Hill":      {"Jaquez", "Smith"},
	"Jaquez":    {"Hill", "Singleton"},
	"Smith":     {"Hill", "Singleton", "Campbell"},
	"Campbell":  {"Singleton", "Smith"},
	"Singleton": {"Jaquez", "Smith", "Campbell"},
}

type fix struct {
	at   float64
	line string
}

type herd struct {
	sync.Mutex
	name  string
	fixes map[string]fix
}

var (
	position = regexp.MustCompile(`^([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)$`)
	decimal  = regexp.MustCompile(`^\d+(\.\d+)?$`)
	client   = http.Client{Timeout: 5 * time.Second}
)

func parsePosition(text string) (lat, lon float64, ok bool) {
	found := position.FindStringSubmatch(text)
	if found == nil {
		return 0, 0, false
	}
	lat, _ = strconv.ParseFloat(found[1], 64)
	lon, _ = strconv.ParseFloat(found[2], 64)
	return lat, lon, math.Abs(lat) <= 90 && math.Abs(lon) <= 180
}

func (h *herd) learn(words []string, from string) {
	at, _ := strconv.ParseFloat(words[5], 64)
	line := strings.Join(words[:6], " ")
	h.Lock()
	defer h.Unlock()
	old, known := h.fixes[words[3]]
	if known && (old.at > at || old.at == at && old.line >= line) {
		return
	}
	h.fixes[words[3]] = fix{at, line}
	for _, to := range links[h.name] {
		if to != from {
			go h.send(to, line+" via "+h.name+"\n")
		}
	}
}

func (h *herd) send(to, line string) {
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("localhost:%d", ports[to]), 30*time.Second)
	if err != nil {
		log.Print(err)
		return
	}
	defer conn.Close()
	io.WriteString(conn, line)
}

func (h *herd) answer(line string) string {
	words := strings.Fields(line)
	switch {
	case len(words) == 0:
		return ""
	case words[0] == "IAMAT" && len(words) == 4:
		_, _, ok := parsePosition(words[2])
		if !ok || !decimal.MatchString(words[3]) {
			break
		}
		sent, _ := strconv.ParseFloat(words[3], 64)
		diff := float64(time.Now().UnixNano())/1e9 - sent
		at := append([]string{"AT", h.name, fmt.Sprintf("%+.9f", diff)}, words[1:]...)
		h.learn(at, "")
		return strings.Join(at, " ") + "\n"
	case words[0] == "AT" && len(words) == 8 && words[6] == "via":
		if _, _, ok := parsePosition(words[4]); ok && decimal.MatchString(words[5]) {
			h.learn(words, words[7])
			return ""
		}
	case words[0] == "WHATSAT" && len(words) == 4:
		radius, err := strconv.ParseFloat(words[2], 64)
		items, err2 := strconv.Atoi(words[3])
		h.Lock()
		held, known := h.fixes[words[1]]
		h.Unlock()
		if err != nil || err2 != nil || !known || !(radius >= 0) || items < 0 {
			break
		}
		if radius > 50 || items > 20 {
			break
		}
		return held.line + "\n" + places(strings.Fields(held.line)[4], radius*1000, items) + "\n\n"
	}
	return "? " + line + "\n"
}

func places(where string, metres float64, items int) string {
	lat, lon, _ := parsePosition(where)
	answer := map[string]any{"html_attributions": []any{}, "results": []any{}, "status": "UNKNOWN_ERROR"}
	url := "https://maps.googleapis.com/maps/api/place/nearbysearch/json?location=%f,%f&radius=%.0f&key=%s"
	response, err := client.Get(fmt.Sprintf(url, lat, lon, metres, "k"))
	if err == nil {
		defer response.Body.Close()
		json.NewDecoder(response.Body).Decode(&answer)
	}
	if results, ok := answer["results"].([]any); ok && len(results) > items {
		answer["results"] = results[:items]
	}
	text, _ := json.MarshalIndent(answer, "", "  ")
	return string(text)
}

func (h *herd) serve(conn net.Conn) {
	defer conn.Close()
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		io.WriteString(conn, h.answer(lines.Text()))
	}
}

func main() {
	id := flag.String("id", "", "which server")
	flag.Parse()
	h := &herd{name: *id, fixes: map[string]fix{}}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", ports[h.name]))
	if err != nil {
		log.Fatal(err)
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go h.serve(conn)
	}
}
