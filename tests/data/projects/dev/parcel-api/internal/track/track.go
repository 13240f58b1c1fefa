package track

import "fmt"

// Agent is the person who carries a parcel to the door.
type Agent struct {
	ID   int
	Name string
}

func (a Agent) Prompt() string { return fmt.Sprintf("Signature for %s, please", a.Name) }
