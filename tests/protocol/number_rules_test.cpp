// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/number_rules.hpp"
#include "tests/support/catch.hpp"

#include <random>

using namespace astcti::protocol;

namespace {

const NumberRules none;
const NumberRules italy{"39", "00", "0", true, "", 6, 10, {}};
const NumberRules germany{"49", "00", "0", false, "", 6, 0, {}};
const NumberRules no_international{"49", "", "0", false, "", 6, 0, {}};
const NumberRules britain{"44", "00", "0", false, "9", 6, 0, {}};
const NumberRules america{"1", "011", "1", false, "", 6, 0, {}};
const NumberRules spain{"34", "00", "", false, "0", 6, 0, {}};
// All prefixes begin alike, as behind many a German PBX.
const NumberRules zeros{"49", "00", "0", false, "0", 6, 0, {}};

const std::string nul("061234\0"
                      "567",
                      10);

struct Row {
    const NumberRules& rules;
    std::string number;
    std::string rewritten;
};

const std::vector<Row> incoming{
    // Italy: the 0 belongs to the number, a mobile number has none
    {italy, "061234567", "+39061234567"},
    {italy, "06 1234567", "+39061234567"},
    {italy, "(06) 123-45.67", "+39061234567"},
    {italy, " 06/1234567 ", "+39061234567"},
    {italy, "3471234567", "+393471234567"},
    {italy, "0039061234567", "+39061234567"},
    {italy, "+39061234567", "+39061234567"},
    {italy, "+39 06 1234567", "+39061234567"},
    {italy, "+39 (0)6 1234567", "+39061234567"},
    {italy, "(+39) 06 1234567", "+39061234567"},
    {italy, "00442079460000", "+442079460000"},
    {italy, "0044 (0)20 7946 0000", "+442079460000"},
    {italy, "003906", "003906"},              // +3906 is too short
    {italy, "00390", "00390"},                // too short for the outside
    {italy, "393471234567", "+393471234567"}, // longest-plain: a + was lost
    {italy, "442079460000", "+442079460000"},
    {italy, "0000000000", "0000000000"}, // no country begins with 0
    {italy, "+0612345678", "+0612345678"},
    // Germany, Britain: the 0 is for dialling only
    {germany, "0891234567", "+49891234567"},
    {germany, "0049891234567", "+49891234567"},
    {germany, "+49 (0)89 1234567", "+49891234567"},
    {germany, "+49 (89) 1234567", "+49891234567"},
    {germany, "1234567", "1234567"}, // without an area code: whose?
    {germany, "0039061234567", "+39061234567"},
    {no_international, "00891234567", "00891234567"}, // neither is it a national number
    {no_international, "0891234567", "+49891234567"},
    {britain, "02079460000", "+442079460000"},
    {britain, "+44 (0)20 7946 0000", "+442079460000"},
    {britain, "00 1 212 555 0123", "+12125550123"},
    // North America: trunk prefix and country code are the same digit
    {america, "12125550123", "+12125550123"},
    {america, "2125550123", "+12125550123"},
    {america, "(212) 555-0123", "+12125550123"},
    {america, "1-212-555-0123", "+12125550123"},
    {america, "+12125550123", "+12125550123"},
    {america, "01139061234567", "+39061234567"},
    {america, "5550123", "5550123"},           // no area code
    {america, "12125550", "12125550"},         // no number of theirs is so short,
    {america, "121255501234", "121255501234"}, // or so long
    {america, "+1212555", "+1212555"},
    // Spain: nothing is dialled before a national number
    {spain, "912345678", "+34912345678"},
    {spain, "0034912345678", "+34912345678"},
    // Without rules, and what is the PBX's own, byte for byte
    {none, "06 1234567", "06 1234567"},
    {none, "+39 06 1234567", "+39 06 1234567"},
    {none, "", ""},
    {italy, "", ""},
    {italy, " ", " "},
    {italy, "201", "201"},
    {italy, "2 0 1", "2 0 1"},
    {italy, "12345", "12345"}, // one digit below the limit
    {italy, "123456", "+39123456"},
    {italy, "*8", "*8"},
    {italy, "*80123456", "*80123456"},
    {italy, "#31#061234567", "#31#061234567"},
    {italy, "06123x4567", "06123x4567"},
    {italy, "PJSIP/2010000", "PJSIP/2010000"},
    {italy, "s", "s"},
    {italy, "sip:061234567@example.org", "sip:061234567@example.org"},
    {italy, "+", "+"},
    {italy, "++39061234567", "++39061234567"},
    {italy, "06+1234567", "06+1234567"},
    {italy, "\uFF10\uFF16\uFF11\uFF12\uFF13\uFF14\uFF15",
     "\uFF10\uFF16\uFF11\uFF12\uFF13\uFF14\uFF15"},
    {italy, "061234567\r\nAction: x", "061234567\r\nAction: x"},
    {italy, nul, nul},
    // The limit of E.164
    {italy, "00" + std::string(max_global_digits, '4'), "+" + std::string(max_global_digits, '4')},
    {italy, "00" + std::string(max_global_digits + 1, '4'),
     "00" + std::string(max_global_digits + 1, '4')},
    {italy, "0" + std::string(max_global_digits - 3, '6'),
     "+390" + std::string(max_global_digits - 3, '6')},
    {italy, "0" + std::string(max_global_digits - 2, '6'),
     "0" + std::string(max_global_digits - 2, '6')},
    {italy, std::string(65536, '0'), std::string(65536, '0')},
};

const std::vector<const NumberRules*> all{&none,    &italy, &germany, &britain,
                                          &america, &spain, &zeros};

// Of the characters that matter, and of all bytes.
std::string random_number(std::mt19937& random) {
    static constexpr std::string_view likely = "0123456789001139449+ -./()*#@<>x";
    std::string number(random() % 20, ' ');
    for (auto& c : number)
        c = random() % 16 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()];
    return number;
}

bool is_global(std::string_view number) {
    return number.starts_with('+') && number.size() > 1 && number.size() <= max_global_digits + 1 &&
           number.find_first_not_of("0123456789", 1) == number.npos;
}

} // namespace

TEST_CASE("a number is written in one way, and what is none stays as it is", "[numbers]") {
    for (const auto& row : incoming) {
        CAPTURE(row.rules.country_code, row.number);
        CHECK(rewrite(row.rules, row.number) == Rewritten{row.rewritten, false});
        CHECK(rewrite(row.rules, row.rewritten) == Rewritten{row.rewritten, false});
    }
}

TEST_CASE("whatever is rewritten is a global number, or as it was, and stays so", "[numbers]") {
    std::mt19937 random(3);
    for (int i = 0; i < 200'000; ++i) {
        const auto& rules = *all[random() % all.size()];
        const auto number = random_number(random);
        for (auto* const by : {rewrite, rewrite_dialled}) {
            const auto once = by(rules, number);
            const auto good = once.withheld ? once.number.empty()
                                            : once.number == number || is_global(once.number);
            const auto again = by(rules, once.number);
            if (!good || again.number != once.number || again.withheld ||
                rewrite(rules, once.number).number != once.number) {
                CAPTURE(rules.country_code, number, once.number, again.number);
                FAIL("rewritten wrongly");
            }
        }
    }
    SUCCEED();
}

TEST_CASE("a number that was dialled may have the outside line before it", "[numbers]") {
    const std::vector<Row> rows{
        {britain, "902079460000", "+442079460000"},
        {britain, "90039061234567", "+39061234567"},
        {britain, "02079460000", "+442079460000"}, // as the network tells who answered
        {britain, "+442079460000", "+442079460000"},
        {britain, "9201", "9201"},
        {britain, "901234", "901234"}, // no 9, and too short

        {zeros, "00891234567", "+49891234567"},
        {zeros, "00039061234567", "+39061234567"},
        {spain, "0912345678", "+34912345678"},
        {italy, "061234567", "+39061234567"},
        {none, "902079460000", "902079460000"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.rules.country_code, row.number);
        CHECK(rewrite_dialled(row.rules, row.number) == Rewritten{row.rewritten, false});
    }
}

TEST_CASE("a withheld number is recognised by its word", "[numbers]") {
    const auto word = GENERATE(as<std::string>{}, "anonymous", "Anonymous", "RESTRICTED",
                               "unavailable", "Withheld", "Private", "unknown", "<unknown>",
                               " asserted ", "blocked", "anonymous@anonymous.invalid");
    CAPTURE(word);
    CHECK(rewrite(none, word) == Rewritten{"", true});
    CHECK(rewrite(italy, word) == Rewritten{"", true});
    CHECK(rewrite_dialled(britain, word) == Rewritten{"", true});
}

TEST_CASE("the words of the configuration are withheld, too, and no others are", "[numbers]") {
    auto rules = none;
    rules.withheld = {"Riservato", "000000"};
    CHECK(is_withheld(rules, "riservato"));
    CHECK(is_withheld(rules, "000000"));
    CHECK(is_withheld(rules, "anonymous"));
    for (const std::string other :
         {"", " ", "<", "<>", "201", "anonymous1", "an onymous", "anonymou", "@", "0000000"}) {
        CAPTURE(other);
        CHECK_FALSE(is_withheld(rules, other));
    }
}

TEST_CASE("the other party of a call is rewritten by its direction", "[numbers]") {
    Call call;
    call.peer_number = "02079460000";
    call.peer_name = "Ann";
    rewrite_peer(britain, call);
    CHECK(call.peer_number == "+442079460000");
    CHECK(call.peer_name == "Ann");
    CHECK_FALSE(call.withheld);

    call.direction = Direction::outbound;
    call.peer_number = "902079460000";
    rewrite_peer(britain, call);
    CHECK(call.peer_number == "+442079460000");

    // One that withholds its number has no name: it would tell as much.
    call.peer_number = "anonymous";
    rewrite_peer(none, call);
    CHECK(call.withheld);
    CHECK(call.peer_number.empty());
    CHECK(call.peer_name.empty());
    // Asterisk may know by the presentation what no word tells.
    call.peer_number = "02079460000";
    call.peer_name = "Ann";
    rewrite_peer(britain, call);
    CHECK(call.withheld);
    CHECK(call.peer_number.empty());
    CHECK(call.peer_name.empty());
}

TEST_CASE("a number with + is dialled with the prefixes that it needs", "[numbers]") {
    const std::vector<Row> rows{
        {italy, "+39 06 1234567", "061234567"},
        {italy, "+393471234567", "3471234567"},
        {italy, "+44 20 7946 0000", "00442079460000"},
        {italy, "+44 (0)20 7946 0000", "00442079460000"},
        {germany, "+49 (0)89 1234567", "0891234567"},
        {britain, "+44 20 7946 0000", "902079460000"},
        {britain, "+39061234567", "90039061234567"},
        {america, "+12125550123", "12125550123"},
        {america, "+39061234567", "01139061234567"},
        {spain, "+34912345678", "0912345678"},
        {zeros, "+49891234567", "00891234567"},
        {zeros, "+39061234567", "00039061234567"},
        // As it is written, only without separators
        {italy, "06 1234567", "061234567"},
        {britain, "9 020 7946 0000", "902079460000"},
        {germany, "1234567", "1234567"},
        // What is no number of the outside is not touched
        {italy, "201", "201"},
        {italy, "2 0 1", "2 0 1"},
        {italy, "*8", "*8"},
        {italy, "1,1,System(x)", "1,1,System(x)"},
        {italy, "300&Zap/g1/4165551212", "300&Zap/g1/4165551212"},
        {italy, "${SHELL(id)}", "${SHELL(id)}"},
        {italy, "anonymous", "anonymous"},
        {italy, "+0612345678", "+0612345678"},
        {none, "+39 06 1234567", "+39 06 1234567"},
        {none, "06 1234567", "06 1234567"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.rules.country_code, row.number);
        CHECK(to_dial(row.rules, row.number) == row.rewritten);
        CHECK(to_dial(row.rules, row.rewritten) == row.rewritten);
    }
    auto without = italy;
    without.international_prefix.clear();
    CHECK(to_dial(without, "+44 20 7946 0000") == "+442079460000");
}

TEST_CASE("what is dialled for a global number is that number", "[numbers]") {
    for (const auto* rules : {&italy, &germany, &britain, &america, &spain, &zeros})
        for (const std::string number :
             {"+39061234567", "+393471234567", "+49891234567", "+442079460000", "+12125550123",
              "+34912345678", "+882161234567"}) {
            CAPTURE(rules->country_code, number, to_dial(*rules, number));
            CHECK(rewrite_dialled(*rules, to_dial(*rules, number)).number == number);
        }
}
