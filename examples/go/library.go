package venue

/*
#cgo LDFLAGS: -lvenue
#include <stdlib.h>
#include "venue.h"
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// Version is the library's version. Create and Open compare the binary interface.
func Version() string { return C.GoString(C.venue_version()) }

func checkInterface() error {
	found, built := int(C.venue_abi_version()), int(C.VENUE_ABI_VERSION)
	if found != built {
		return fmt.Errorf("libvenue has the binary interface %d, and this program was built for %d", found, built)
	}
	return nil
}

// lend gives C a view of a text for the time of a call. The bytes stay Go's: C keeps no pointer.
func lend(text []byte) (*C.char, C.size_t) {
	if len(text) == 0 {
		return nil, 0
	}
	return (*C.char)(unsafe.Pointer(&text[0])), C.size_t(len(text))
}

// take copies a text, and frees VENUE's.
func take(text *C.venue_text) []byte {
	defer C.venue_text_free(text)
	if text.data == nil {
		return nil
	}
	return []byte(C.GoStringN(text.data, C.int(text.size)))
}

func answer(status C.venue_status, reply, failure *C.venue_text) ([]byte, error) {
	if status != C.VENUE_OK {
		return nil, errorFrom(int(status), take(failure))
	}
	return take(reply), nil
}

func libraryCreate(path []byte, testClock bool, now []byte) error {
	var reply, failure C.venue_text
	flags := C.uint32_t(0)
	if testClock {
		flags = C.VENUE_NEW_TEST_CLOCK
	}
	p, pn := lend(path)
	n, nn := lend(now)
	_, err := answer(C.venue_create(p, pn, flags, n, nn, &failure), &reply, &failure)
	return err
}

func libraryOpen(path []byte) (uint64, error) {
	var handle C.venue_handle
	var reply, failure C.venue_text
	p, pn := lend(path)
	_, err := answer(C.venue_open(p, pn, &handle, &failure), &reply, &failure)
	return uint64(handle), err
}

func libraryClose(handle uint64) error {
	var reply, failure C.venue_text
	_, err := answer(C.venue_close(C.venue_handle(handle), &failure), &reply, &failure)
	return err
}

func libraryCall(handle uint64, name, request []byte) ([]byte, error) {
	var reply, failure C.venue_text
	n, nn := lend(name)
	r, rn := lend(request)
	status := C.venue_call(C.venue_handle(handle), n, nn, r, rn, &reply, &failure)
	return answer(status, &reply, &failure)
}

var roles = map[string]C.int32_t{
	"":          C.VENUE_ROLE_NONE,
	"public":    C.VENUE_ROLE_PUBLIC,
	"customer":  C.VENUE_ROLE_CUSTOMER,
	"terminal":  C.VENUE_ROLE_TERMINAL,
	"organizer": C.VENUE_ROLE_ORGANIZER,
	"admin":     C.VENUE_ROLE_ADMIN,
}

// libraryFeedNext waits in C, on a thread that Go adds for it: other goroutines go on.
func libraryFeedNext(handle uint64, ask Ask, timeoutMS uint32) ([]byte, error) {
	// The options hold pointers, and those that cross to C may not lead to Go's memory: their texts are C's.
	var lent []unsafe.Pointer
	defer func() {
		for _, text := range lent {
			C.free(text)
		}
	}()
	view := func(text string) C.venue_view {
		if text == "" {
			return C.venue_view{}
		}
		data := C.CString(text)
		lent = append(lent, unsafe.Pointer(data))
		return C.venue_view{data: data, size: C.size_t(len(text))}
	}
	caller := Caller{}
	if ask.Caller != nil {
		caller = *ask.Caller
	}
	options := C.venue_options{role: -1, limit: C.uint32_t(ask.Limit)}
	options.size = C.uint32_t(unsafe.Sizeof(options))
	if role, ok := roles[caller.Role]; ok { // What is no role is left to the library to refuse.
		options.role = role
	}
	options.organizer, options.actor = view(caller.Organizer), view(caller.Actor)
	options.terminal, options.address = view(caller.Terminal), view(caller.Address)
	options.event, options.slot = view(ask.Event), view(ask.Slot)
	var reply, failure C.venue_text
	c, cn := lend([]byte(ask.After))
	status := C.venue_feed_next(C.venue_handle(handle), c, cn, C.uint32_t(timeoutMS), &options, &reply, &failure)
	return answer(status, &reply, &failure)
}
