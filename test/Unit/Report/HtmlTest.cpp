//===- HtmlTest.cpp - Tests of writing HTML -------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Report/Html.h"
#include "lib/Report/Tables.h"

#include <gtest/gtest.h>

using namespace stas::report;

TEST(Html, TextIsEscaped) {
  EXPECT_EQ(escaped("a<b>&\"c\"'"), "a&lt;b&gt;&amp;&quot;c&quot;&#39;");
  EXPECT_EQ(escaped("</style><script>x</script>"), "&lt;/style&gt;&lt;script&gt;x&lt;/script&gt;");
  EXPECT_EQ(escaped("µJ – é 模"), "µJ – é 模");
}

TEST(Html, WhatIsNoTextIsReplaced) {
  const std::string kReplaced = "\xef\xbf\xbd";
  // Controls, a character that turns the direction of writing, one that is no character.
  EXPECT_EQ(escaped(std::string("a\0b", 3)), "a" + kReplaced + "b");
  EXPECT_EQ(escaped("\x1b[0m\x7f"), kReplaced + "[0m" + kReplaced);
  EXPECT_EQ(escaped("a\u202eb\u2066c\ufeff"), "a" + kReplaced + "b" + kReplaced + "c" + kReplaced);
  EXPECT_EQ(escaped("\xef\xbf\xbf"), kReplaced);
  // Cut short, overlong, a surrogate, beyond Unicode, a stray byte.
  EXPECT_EQ(escaped("\xc3"), kReplaced);
  EXPECT_EQ(escaped("\xc3<"), kReplaced + "&lt;");
  EXPECT_EQ(escaped("\xc0\xaf"), kReplaced + kReplaced);
  EXPECT_EQ(escaped("\xe0\x80\xaf"), kReplaced + kReplaced + kReplaced);
  EXPECT_EQ(escaped("\xed\xa0\x80"), kReplaced + kReplaced + kReplaced);
  EXPECT_EQ(escaped("\xf4\x90\x80\x80"), kReplaced + kReplaced + kReplaced + kReplaced);
  EXPECT_EQ(escaped("\xff"), kReplaced);
}

TEST(Html, ElementsCloseInOrder) {
  Html html;
  {
    auto section = html.open("section", {{"id", "a\"b"}});
    html.leaf("p", "1 < 2", {{"class", "note"}});
    html.empty("br");
  }
  EXPECT_EQ(html.str(), "<!DOCTYPE html>\n<section id=\"a&quot;b\"><p class=\"note\">1 &lt; 2</p>\n<br/></section>\n");
}

TEST(Html, LongTablesAreCut) {
  Listing listing{"A <table>", {{"Name"}, {"Count", true}}};
  for (size_t i = 0; i < kMaxTableRows + 5; ++i)
    listing.rows.push_back({"row", std::to_string(i)});
  listing.rows.push_back({"total", "7"});
  listing.hasTotal = true;
  Html html;
  writeTable(html, listing);
  const std::string &text = html.str();
  EXPECT_NE(text.find("<caption>A &lt;table&gt;</caption>"), std::string::npos);
  EXPECT_NE(text.find("and 6 more"), std::string::npos);
  EXPECT_NE(text.find("<th scope=\"row\" class=\"word\">total</th><td class=\"number\">7</td>"), std::string::npos);
  EXPECT_NE(text.find(">1998</td>"), std::string::npos);
  EXPECT_EQ(text.find(">1999</td>"), std::string::npos);
}
