// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/base64.hpp"
#include "daemon/clients/token.hpp"
#include "tests/support/catch.hpp"

#include <chrono>

using namespace astcti;
using namespace astcti::clients;
using protocol::Microseconds;

namespace {

constexpr Microseconds second = 1000000;
constexpr Microseconds now = 1795406933 * second;
constexpr Microseconds life = 600 * second;

const TokenKey first{"k1", std::string(32, 'a')};
const TokenKey second_key{"k2", std::string(32, 'b')};
const std::string version = "what the secret was";

std::string random_of(int number) {
    std::string bytes(TokenBook::id_size, '\0');
    bytes[0] = static_cast<char>(number & 0xFF);
    bytes[1] = static_cast<char>(number >> 8);
    bytes[2] = static_cast<char>(number >> 16);
    return bytes;
}

std::string issue(const TokenBook& book, Microseconds when = now, int number = 1) {
    return book.issue("anna", version, when, random_of(number));
}

// "taken", or why not.
std::string taken(TokenBook& book, std::string_view token, Microseconds when = now) {
    const auto result = book.take(token, when);
    const auto* const fault = std::get_if<TokenFault>(&result);
    return fault ? std::string(to_text(*fault)) : "taken";
}

} // namespace

TEST_CASE("a token is taken once", "[token]") {
    TokenBook book({first});
    const auto token = issue(book);
    CHECK(token.size() + std::string_view("@12345678901234567890123456789012 AUTH TOKEN ").size() <=
          512);
    const auto result = book.take(token, now);
    const auto& claims = std::get<TokenClaims>(result);
    CHECK(claims.user == "anna");
    CHECK(claims.expires == now + life);
    CHECK(book.is_of(claims, version));
    CHECK(taken(book, token) == "its token was used before");
    CHECK(taken(book, issue(book, now, 2)) == "taken");
}

TEST_CASE("a changed secret voids a token", "[token]") {
    TokenBook book({first});
    const auto result = book.take(issue(book), now);
    CHECK_FALSE(book.is_of(std::get<TokenClaims>(result), "what the secret is now"));
    CHECK_FALSE(book.is_of(std::get<TokenClaims>(result), ""));
}

TEST_CASE("a token lasts ten minutes", "[token]") {
    TokenBook book({first});
    const auto token = issue(book);
    CHECK(taken(book, token, now + life - 1) == "taken");
    CHECK(taken(book, issue(book, now, 2), now + life) == "its token has expired");
    SECTION("and no longer if the clock is set back") {
        CHECK(taken(book, issue(book, now, 3), now - 60 * second) == "taken");
        CHECK(taken(book, issue(book, now, 4), now - 61 * second) == "its token has expired");
    }
}

TEST_CASE("a token that we did not sign is not taken", "[token]") {
    TokenBook book({first});
    const auto token = issue(book);
    SECTION("not with any bit changed") {
        const auto bytes = *base::from_base64(token.substr(3));
        for (std::size_t bit = 8; bit < bytes.size() * 8; ++bit) {
            auto changed = bytes;
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
            CAPTURE(bit);
            REQUIRE(taken(book, "k1." + base::to_base64(changed)) ==
                    "its token was not signed by us");
        }
    }
    SECTION("not cut at any byte") {
        for (std::size_t size = 0; size < token.size(); ++size) {
            CAPTURE(size);
            REQUIRE(taken(book, token.substr(0, size)) != "taken");
        }
    }
    SECTION("not for another account") {
        auto bytes = *base::from_base64(token.substr(3));
        bytes.replace(bytes.find("anna"), 4, "bert");
        CHECK(taken(book, "k1." + base::to_base64(bytes)) == "its token was not signed by us");
    }
    SECTION("not with another key, whatever its id") {
        const TokenKey same_id{"k1", second_key.secret};
        CHECK(taken(book, issue(TokenBook({same_id}))) == "its token was not signed by us");
        CHECK(taken(book, issue(TokenBook({second_key}))) ==
              "its token was signed with a key that is not known here");
    }
    SECTION("not under the id of another key of ours with the same bytes") {
        const TokenKey copy{"k2", first.secret};
        TokenBook both({first, copy});
        CHECK(taken(both, "k2" + token.substr(2)) == "its token was not signed by us");
    }
    CHECK(taken(book, token) == "taken");
}

TEST_CASE("what is no token is none", "[token]") {
    TokenBook book({first});
    const auto text = GENERATE(as<std::string>{}, "", ".", "k1", "k1.", ".AAAA", "k1.!", "k1.AAAA",
                               "k 1.AAAA", "k1.AgAA", "k1234567890123456.AAAA");
    CAPTURE(text);
    CHECK(taken(book, text) == "its token is none");
    CHECK(taken(book, "k1." + base::to_base64(std::string(100, '\2'))) == "its token is none");
}

TEST_CASE("a key may be replaced without voiding what it signed", "[token]") {
    TokenBook before({first});
    TokenBook after({second_key, first});
    CHECK(taken(after, issue(before)) == "taken");
    CHECK(issue(after).starts_with("k2."));
    CHECK(taken(before, issue(after)) == "its token was signed with a key that is not known here");
}

TEST_CASE("a token that could not be judged may come again", "[token]") {
    TokenBook book({first});
    const auto token = issue(book);
    book.give_back(std::get<TokenClaims>(book.take(token, now)));
    CHECK(taken(book, token) == "taken");
}

TEST_CASE("what was used before a restart is not taken after it", "[token]") {
    TokenBook before({first});
    const auto token = issue(before);
    REQUIRE(taken(before, token) == "taken");
    TokenBook after({first});
    after.restore({before.used().begin(), before.used().end()}, now);
    CHECK(taken(after, token) == "its token was used before");
    TokenBook late({first});
    late.restore({before.used().begin(), before.used().end()}, now + life);
    CHECK(late.used().empty());
}

TEST_CASE("used tokens are remembered up to a limit, beyond which none is taken", "[token]") {
    TokenBook book({first});
    std::vector<TokenBook::Used> used;
    for (std::size_t i = 0; i < TokenBook::max_used; ++i)
        used.emplace_back(now + life, random_of(static_cast<int>(i)));
    book.restore(used, now);
    CHECK(taken(book, issue(book, now + second, -1)) == "too many tokens were used lately");
    CHECK(taken(book, issue(book, now + life, -1), now + life + 1) == "taken");
    CHECK(book.used().size() == 1);
}

TEST_CASE("an account with a name that fits into no line gets no token", "[token]") {
    const TokenBook book({first});
    CHECK(
        book.issue(std::string(TokenBook::max_user + 1, 'x'), version, now, random_of(1)).empty());
    const auto longest =
        book.issue(std::string(TokenBook::max_user, 'x'), version, now, random_of(1));
    CHECK(longest.size() + std::string_view("AUTH TOKEN ").size() <= 512);
}

TEST_CASE("keys are read as they are written", "[token]") {
    const auto text = to_text(first) + to_text(second_key);
    const auto keys = read_token_keys(text);
    REQUIRE(keys);
    REQUIRE(keys->size() == 2);
    CHECK(keys->at(1).id == "k2");
    CHECK(keys->at(1).secret == second_key.secret);
    CHECK(read_token_keys(text.substr(0, text.size() - 1)));
}

TEST_CASE("a text that is no key is refused", "[token]") {
    const std::string hex(64, 'a');
    const auto text = GENERATE_COPY(as<std::string>{}, "", "\n", "k1", "k1 " + hex.substr(1),
                                    "k1 " + hex + "a", "k 1 " + hex, "k.1 " + hex,
                                    "k1 " + std::string(64, 'g'), "k1 " + hex + "\n\n",
                                    "k1 " + hex + "\nk1 " + hex, hex, "k1234567890123456 " + hex);
    CAPTURE(text);
    CHECK_FALSE(read_token_keys(text));
}
