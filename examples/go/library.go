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

// Version is the library's version. Init and Open compare the binary interface.
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

func libraryInit(path, request []byte) ([]byte, error) {
	var reply, failure C.venue_text
	p, pn := lend(path)
	r, rn := lend(request)
	return answer(C.venue_init(p, pn, r, rn, &reply, &failure), &reply, &failure)
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
