using Libp2p.Node.Output;

namespace Libp2p.Node.Tests;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("js-libp2p/2.0.0", "js-libp2p/2.0.0")]
    [InlineData("\u001b[31mred\u001b[0m", "�[31mred�[0m")]
    [InlineData("two\r\nlines\u2028", "two��lines�")]
    [InlineData("\u202eright to left", "�right to left")]
    [InlineData("größe 🚀", "größe 🚀")]
    [InlineData(null, "")]
    public void What_could_steer_a_terminal_is_replaced(string? text, string clean) => TerminalText.Clean(text).ShouldBe(clean);

    [Fact]
    public void Long_text_is_cut() => TerminalText.Clean(new string('a', 1000), 10).ShouldBe("aaaaaaaaaa…");

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(99.97 * 1024, "100 KiB")]
    [InlineData(5.0 * 1024 * 1024 * 1024, "5.0 GiB")]
    public void Bytes(double bytes, string text) => TerminalText.Bytes(bytes).ShouldBe(text);
}
