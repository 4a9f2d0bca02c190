using System.Text;
using Libp2p.Node.Control;

namespace Libp2p.Node.Tests;

public sealed class LineReaderTests
{
    [Fact]
    public async Task Lines_of_any_length_up_to_the_bound_and_no_further()
    {
        var reader = new LineReader(new MemoryStream(Encoding.ASCII.GetBytes("one\n\n12345678\nrest")), 8);
        Encoding.ASCII.GetString((await reader.ReadAsync(default))!).ShouldBe("one");
        (await reader.ReadAsync(default)).ShouldBe([]);
        Encoding.ASCII.GetString((await reader.ReadAsync(default))!).ShouldBe("12345678");
        (await reader.ReadAsync(default)).ShouldBeNull();

        reader = new LineReader(new MemoryStream(Encoding.ASCII.GetBytes("123456789\nnext\n")), 8);
        await Should.ThrowAsync<LineTooLongException>(async () => await reader.ReadAsync(default));
    }
}
