package venue

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"
)

// NewKey makes an idempotency key. One that outlives this process (an order's number) is better: it makes asking again safe
// across a crash too.
func NewKey() (string, error) {
	bytes := make([]byte, 16)
	if _, err := rand.Read(bytes); err != nil {
		return "", err
	}
	return hex.EncodeToString(bytes), nil
}

// Insist does act until it is answered, at most so many times. After Retry it waits until RetryAt; after Unknown it asks at
// once. act has to give the same key every time, so that nothing is done twice.
func Insist(ctx context.Context, attempts int, act func() error) error {
	for {
		err := act()
		attempts--
		if attempts <= 0 || !(errors.Is(err, Retry) || errors.Is(err, Unknown)) {
			return err
		}
		var answer *Error
		wait := time.Duration(0)
		if errors.As(err, &answer) && !answer.RetryAt.IsZero() {
			wait = time.Until(answer.RetryAt)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}
