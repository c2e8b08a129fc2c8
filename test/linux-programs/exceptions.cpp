// Exceptions through several frames, iostreams, containers, and objects that end in order.
#include <algorithm>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <new>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

namespace {
struct Loud {
  std::string name;
  explicit Loud(std::string given) : name(std::move(given)) { std::cout << "begin " << name << '\n'; }
  ~Loud() { std::cout << "end " << name << '\n'; }
};

Loud global("global");
thread_local std::string local = "local";

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
};
struct Square : Shape {
  double side;
  explicit Square(double given) : side(given) {}
  double area() const override { return side * side; }
};

int descend(int depth) {
  Loud here("frame " + std::to_string(depth));
  if (depth == 0) throw std::out_of_range("the bottom");
  return descend(depth - 1) + 1;
}

void translate() {
  try {
    descend(3);
  } catch (const std::exception& error) {
    std::throw_with_nested(std::runtime_error("translated"));
  }
}
} // namespace

int main(int argc, char** argv) {
  try {
    translate();
  } catch (const std::exception& error) {
    std::cout << "caught " << error.what() << '\n';
    try {
      std::rethrow_if_nested(error);
    } catch (const std::out_of_range& inner) {
      std::cout << "inner " << inner.what() << '\n';
    }
  }
  try {
    std::vector<int>().at(3);
  } catch (const std::exception& error) {
    std::cout << error.what() << '\n';
  }
  try {
    std::unique_ptr<char[]> huge(new char[(1UL << 46) + static_cast<unsigned>(argc)]);
    std::cout << "got it\n";
  } catch (const std::bad_alloc& error) {
    std::cout << error.what() << '\n';
  }
  try {
    Shape* none = nullptr;
    std::cout << typeid(*none).name() << '\n';
  } catch (const std::bad_typeid& error) {
    std::cout << error.what() << '\n';
  }
  for (int i = 0; i < 1000; i++) {
    try {
      throw i;
    } catch (int value) {
      if (value % 250 == 0) std::cout << value << ' ';
    }
  }
  std::cout << '\n';

  std::map<std::string, int> words;
  std::string word, line;
  while (std::cin >> word)
    words[word]++;
  for (const auto& [key, value] : words)
    std::cout << std::setw(8) << key << ' ' << value << '\n';
  std::cout << std::fixed << std::setprecision(3) << 3.14159 << ' ' << std::hex << 255 << std::dec << '\n';
  std::ofstream("/tmp/file") << "one\ntwo\n";
  std::ifstream file("/tmp/file");
  while (std::getline(file, line))
    std::cout << '<' << line << ">\n";
  std::ifstream missing("/nothing");
  std::cout << missing.is_open() << '\n';
  std::cout << std::regex_replace("a1b22c", std::regex("[0-9]+"), "#") << '\n';
  std::unique_ptr<Shape> shape = std::make_unique<Square>(1.5);
  std::cout << shape->area() << ' ' << (dynamic_cast<Square*>(shape.get()) != nullptr) << ' ' << local
            << '\n';
  std::cerr << "to the other stream" << std::endl;
  if (argc > 1) {
    std::cout << argv[1] << std::endl;
    throw std::runtime_error("nobody catches this");
  }
  return 3;
}
