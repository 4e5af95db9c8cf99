// VENUE for C++17: handles and texts that close and free themselves, errors as exceptions by their class. One header over
// venue.h; copy it into your program and add what you miss.
#ifndef VENUE_HPP
#define VENUE_HPP

#include <venue.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace venue {

/// What comes instead of an answer: the status, and the error object as JSON.
class error : public std::runtime_error {
 public:
  error(venue_status status, std::string json) : std::runtime_error(json), status_(status), json_(std::move(json)) {}
  venue_status status() const noexcept { return status_; }
  const std::string &json() const noexcept { return json_; }

 private:
  venue_status status_;
  std::string json_;
};

struct refused : error { using error::error; };  ///< A rule said no.
struct invalid : error { using error::error; };  ///< The request is wrong.
struct storage : error { using error::error; };  ///< The file or the machine failed; nothing happened.
struct retry : error { using error::error; };    ///< Not now: ask again.
struct unknown : error { using error::error; };  ///< It may have happened: ask again with the key that json() carries.
struct bug : error { using error::error; };      ///< VENUE's own mistake; nothing happened.

/// A text of the library's, freed at its end.
class text {
 public:
  text() = default;
  text(const text &) = delete;
  text &operator=(const text &) = delete;
  ~text() { venue_text_free(&text_); }
  venue_text *out() noexcept { return &text_; }
  std::string str() const { return text_.data == nullptr ? std::string() : std::string(text_.data, text_.size); }

 private:
  venue_text text_{};
};

/// Throws what a status stands for.
inline void check(venue_status status, const text &said) {
  switch (status / 100) {
    case 0: return;
    case 1: throw refused(status, said.str());
    case 2: throw invalid(status, said.str());
    case 3: throw storage(status, said.str());
    case 4: throw retry(status, said.str());
    case 5: throw unknown(status, said.str());
    default: throw bug(status, said.str());
  }
}

/// Who asks, and what goes along: members of venue_options, with texts that are lent as long as the call.
struct options : venue_options {
  options() : venue_options() { size = sizeof(venue_options); }
  static venue_view lend(std::string_view said) { return {said.data(), said.size()}; }
};

/// A feed that calls back, stopped at its end.
class feed {
 public:
  /// Called for each change with its JSON, one call at a time, on a thread of the feed's. Nothing may be thrown out of it.
  using callback = std::function<void(std::string_view)>;

  feed(venue_handle engine, std::string_view after, callback heard)
      : engine_(engine), heard_(std::make_unique<callback>(std::move(heard))) {
    text said;
    check(venue_feed_start(engine, after.data(), after.size(), nullptr, &feed::call, heard_.get(), &feed_, said.out()),
          said);
  }
  feed(const feed &) = delete;
  feed &operator=(const feed &) = delete;
  /// After this no callback runs any more. Not from inside the callback.
  ~feed() { venue_feed_stop(engine_, feed_, nullptr); }

 private:
  static std::int32_t call(void *context, venue_status status, const char *change, std::size_t size) noexcept {
    if (status == VENUE_OK) (*static_cast<callback *>(context))(std::string_view(change, size));
    return 0;
  }

  venue_handle engine_;
  venue_feed feed_ = 0;
  std::unique_ptr<callback> heard_;
};

/// An open file. Any number of threads may call at once; moved, never copied.
class engine {
 public:
  explicit engine(std::string_view path) {
    text said;
    check(venue_open(path.data(), path.size(), &handle_, said.out()), said);
  }
  engine(engine &&other) noexcept : handle_(std::exchange(other.handle_, 0)) {}
  engine &operator=(engine &&other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~engine() {
    if (handle_ != 0) venue_close(handle_, nullptr);
  }

  /// Makes a file; one that is there is left as it is.
  static void create(std::string_view path) {
    text said;
    check(venue_create(path.data(), path.size(), 0, nullptr, 0, said.out()), said);
  }
  /// Makes a file that stands still at this instant, for tests.
  static void create_for_tests(std::string_view path, std::string_view now) {
    text said;
    check(venue_create(path.data(), path.size(), VENUE_NEW_TEST_CLOCK, now.data(), now.size(), said.out()), said);
  }

  /// Closes it now, and says if that failed; later calls throw invalid.
  void close() {
    text said;
    check(venue_close(handle_, said.out()), said);
  }

  /// Any verb, JSON in and out.
  std::string call(std::string_view verb, std::string_view request = "{}") const {
    text reply, said;
    check(venue_call(handle_, verb.data(), verb.size(), request.data(), request.size(), reply.out(), said.out()), said);
    return reply.str();
  }

  venue_booking hold_seats(std::string_view slot, std::string_view seats, const venue_options *with = nullptr) const {
    venue_booking booking = sized<venue_booking>();
    text said;
    check(venue_hold_seats(handle_, slot.data(), slot.size(), seats.data(), seats.size(), with, &booking, said.out()),
          said);
    return booking;
  }
  venue_booking hold_area(std::string_view slot, std::string_view area, std::uint32_t quantity,
                          const venue_options *with = nullptr) const {
    venue_booking booking = sized<venue_booking>();
    text said;
    check(venue_hold_area(handle_, slot.data(), slot.size(), area.data(), area.size(), quantity, with, &booking,
                          said.out()),
          said);
    return booking;
  }
  venue_booking confirm(std::string_view name, const venue_options *with = nullptr) const {
    venue_booking booking = sized<venue_booking>();
    text said;
    check(venue_confirm(handle_, name.data(), name.size(), with, &booking, said.out()), said);
    return booking;
  }
  venue_booking release(std::string_view name, const venue_options *with = nullptr) const {
    venue_booking booking = sized<venue_booking>();
    text said;
    check(venue_release(handle_, name.data(), name.size(), with, &booking, said.out()), said);
    return booking;
  }
  venue_slot availability(std::string_view slot, const venue_options *with = nullptr) const {
    venue_slot found = sized<venue_slot>();
    text said;
    check(venue_availability(handle_, slot.data(), slot.size(), with, &found, said.out()), said);
    return found;
  }
  venue_copy backup(std::string_view target) const {
    venue_copy copy = sized<venue_copy>();
    text said;
    check(venue_backup(handle_, target.data(), target.size(), &copy, said.out()), said);
    return copy;
  }

  /// Calls back for every change after a cursor, until the feed goes or the engine is closed.
  feed follow(feed::callback heard, std::string_view after = {}) const { return feed(handle_, after, std::move(heard)); }

 private:
  template <typename Struct>
  static Struct sized() {
    Struct fresh{};
    fresh.size = sizeof(Struct);
    return fresh;
  }

  venue_handle handle_ = 0;
};

}  // namespace venue

#endif
