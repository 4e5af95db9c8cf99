// The story: open, import, hold, confirm, tickets, feed, and what bad input is answered.
//
// Usage: box_office SEASON FOLDER. The file kino.venue in the folder is made anew, with a test clock.
#include <condition_variable>
#include <ctime>
#include <functional>
#include <iomanip>
#include <iostream>
#include <mutex>
#include <string>
#include <vector>

#include "venue.hpp"

namespace {

const std::string slot = "metropolis@2027-01-07T20:00";

// Just enough JSON for the story: the values of all members of a name, of a list its first one. A program that reads more
// of the replies takes a library for it.
std::vector<std::string> members(const std::string &json, const std::string &name) {
  std::vector<std::string> values;
  const std::string wanted = '"' + name + "\":";
  for (auto at = json.find(wanted); at != std::string::npos; at = json.find(wanted, at)) {
    at = json.find_first_not_of("[\"", at + wanted.size());
    values.push_back(json.substr(at, json.find_first_of("\",]}", at) - at));
  }
  return values;
}

std::string member(const std::string &json, const std::string &name) {
  const auto values = members(json, name);
  return values.empty() ? std::string() : values.front();
}

std::string money(std::int64_t minor, const std::string &currency) {
  const auto cents = std::to_string(minor % 100);
  return std::to_string(minor / 100) + '.' + std::string(2 - cents.size(), '0') + cents + ' ' + currency;
}

std::string instant(std::int64_t micros) {
  const std::time_t seconds = micros / 1000000;
  std::tm parts{};
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &parts));
  const auto rest = std::to_string(micros % 1000000);
  return text + ('.' + std::string(6 - rest.size(), '0')) + rest + 'Z';
}

void show_free(const venue::engine &engine) {
  const auto found = engine.availability(slot);
  std::cout << "free: " << found.free << " of " << found.capacity << '\n';
}

// Two seats are held, nobody else gets them, and they are sold.
std::string sell_seats(const venue::engine &engine) {
  const auto hold = engine.hold_seats(slot, "C-4,C-5");
  std::cout << "held: C-4, C-5 for " << money(hold.total_minor, hold.currency) << " until "
            << instant(hold.expires_at_us) << '\n';
  try {
    engine.hold_seats(slot, "C-5,C-6");
  } catch (const venue::refused &no) {
    std::cout << "refused: " << member(no.json(), "code") << ", " << member(no.json(), "seat") << " is "
              << member(no.json(), "why") << '\n';
  }
  // A till needs no token; somebody on the web shows the one that hold answered with: with.token.
  venue::options with;
  with.payment = venue::options::lend("card:tx-17");
  const auto sold = engine.confirm(hold.reference, &with);
  const std::string reference = sold.reference;
  const auto seats = members(engine.call("ticket_list", "{\"booking\":\"" + reference + "\"}"), "seat");
  std::cout << "sold: " << sold.tickets << " tickets, " << seats.at(0) << " and " << seats.at(1) << '\n';
  return reference;
}

// Places without numbers, held and sold in one act: verbs without a function of their own go by call.
void sell_places(const venue::engine &engine) {
  const auto reply = engine.call(
      "sell", "{\"slot\":\"" + slot + "\",\"area\":\"Empore\",\"quantity\":3,\"payment\":\"cash\"}");
  const auto total = reply.substr(reply.find("\"total\":"));
  std::cout << "sold: " << member(reply, "quantity") << " places of Empore for "
            << money(std::stoll(member(total, "minor")), member(total, "currency")) << '\n';
}

void give_back(const venue::engine &engine) {
  engine.release(engine.hold_seats(slot, "D-1").id);
  const auto map = engine.call("slot_map", "{\"slot\":\"" + slot + "\"}");
  const auto begin = map.rfind('{', map.find("\"seat\":\"D-1\""));
  std::cout << "given back: D-1 is " << member(map.substr(begin), "state") << " again\n";
}

// The feed calls back on its own thread, from the beginning; a host keeps the cursor of the last change it dealt with.
void show_feed(const venue::engine &engine) {
  std::mutex lock;
  std::condition_variable bell;
  std::vector<std::string> kinds;
  const auto feed = engine.follow([&](std::string_view change) {
    const std::lock_guard<std::mutex> guard(lock);
    kinds.push_back(member(std::string(change), "kind"));
    bell.notify_one();
  });
  std::unique_lock<std::mutex> guard(lock);
  bell.wait(guard, [&] { return kinds.size() >= 6; });
  std::string before = "happened: ";
  for (const auto &kind : kinds) {
    std::cout << before << kind;
    before = ", ";
  }
  std::cout << '\n';
  guard.unlock();  // the callback takes it, and the end of the feed waits for the callback
}

// What is wrong is named, and nothing is half done.
void attempt(const std::function<void()> &ask) {
  const auto tell = [](const char *kind, const std::string &json) {
    const auto name = member(json, "name"), names = member(json, "names");
    const auto fact = name.empty() ? names : name;
    std::cout << kind << ": " << member(json, "code") << (fact.empty() ? "" : ", " + fact) << '\n';
  };
  try {
    ask();
  } catch (const venue::refused &no) {
    tell("refused", no.json());
  } catch (const venue::invalid &no) {
    tell("invalid", no.json());
  }
}

int story(const std::string &season, const std::string &folder) {
  const auto path = folder + "/kino.venue";
  venue::engine::create_for_tests(path, "2027-01-01T12:00:00Z");
  venue::engine engine(path);
  std::cout << "imported: " << member(engine.call("import", "{\"files\":[\"" + season + "\"]}"), "slots") << " slot\n";
  show_free(engine);
  const auto sold = sell_seats(engine);
  sell_places(engine);
  give_back(engine);
  show_free(engine);
  show_feed(engine);

  attempt([&] { engine.call("hold", "{\"slot\":\"" + slot + "\",\"seets\":[\"A-1\"]}"); });
  attempt([&] { engine.call("salute"); });
  attempt([&] { engine.hold_seats("metropolis", "A-1"); });
  attempt([&] { engine.hold_seats(slot, "Z-99"); });
  attempt([&] { engine.confirm(sold); });
  engine.close();
  attempt([&] { engine.call("doctor"); });

  const venue::engine again(path);
  const auto well = member(again.call("doctor"), "ok") == "true";
  std::cout << "doctor: " << (well ? "all is well" : "something is wrong") << '\n';
  return well ? 0 : 1;
}

}  // namespace

int main(int count, char **arguments) {
  if (count != 3) {
    std::cerr << "usage: box_office SEASON FOLDER\n";
    return 2;
  }
  try {
    return story(arguments[1], arguments[2]);
  } catch (const venue::error &no) {
    std::cerr << "status " << no.status() << ": " << no.json() << '\n';
    return no.status() / 100;
  }
}
