using Libp2p.Generators.Tests.Support;

namespace Libp2p.Generators.Tests.Protocols;

/// <summary>LP2P0001 to LP2P0099.</summary>
public class ProtocolDiagnosticsTests
{
    private const string Handler = " : IProtocolHandler { public ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken) => default; }";

    [Fact]
    public void LP2P0001_not_partial() => Reports("LP2P0001", $"[Protocol(\"/a\")] class [|Ping|]{Handler}");

    [Fact]
    public void LP2P0001_inside_a_type_that_is_not_partial() => Reports("LP2P0001", $"class Outer {{ [Protocol(\"/a\")] partial class [|Ping|]{Handler} }}");

    [Theory]
    [InlineData("")]
    [InlineData("ping")]
    [InlineData(" /ping")]
    public void LP2P0002_no_slash(string id) => Reports("LP2P0002", $"[Protocol([|\"{id}\"|])] partial class Ping{Handler}");

    [Fact]
    public void LP2P0003_too_long()
    {
        Reports("LP2P0003", $"[Protocol([|\"/{new string('a', 1023)}\"|])] partial class Ping{Handler}");
        Reports("LP2P0003", $"[Protocol([|\"/{new string('é', 512)}\"|])] partial class Ping{Handler}");
        GeneratorRun.Of(Source($"[Protocol(\"/{new string('a', 1022)}\")] partial class Ping{Handler}")).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void LP2P0004_newline() => Reports("LP2P0004", $"[Protocol([|\"/a\\n/b\"|])] partial class Ping{Handler}");

    [Fact]
    public void LP2P0005_twice_on_one_type() => Reports("LP2P0005", $"[Protocol(\"/a\"), Protocol([|\"/a\"|])] partial class Ping{Handler}");

    [Fact]
    public void LP2P0005_on_two_types() => Reports("LP2P0005", $"[Protocol(\"/a\")] partial class Ping{Handler} [Protocol([|\"/a\"|])] partial class Pong{Handler}");

    [Fact]
    public void LP2P0006_no_role() => Reports("LP2P0006", "[Protocol(\"/a\")] partial class [|Nothing|];");

    [Fact]
    public void LP2P0007_several_ids_of_a_muxer() => Reports(
        "LP2P0007",
        """
        [Protocol("/a"), Protocol("/b")] partial class [|Muxer|] : IStreamMuxer
        {
            public ValueTask<IMuxedConnection> MultiplexAsync(IByteConnection secured, UpgradeContext context, CancellationToken cancellationToken = default) => throw new NotSupportedException();
        }
        """);

    [Fact]
    public void Emits_nothing_for_a_type_that_was_reported() =>
        GeneratorRun.Of(Source($"[Protocol(\"ping\")] partial class Ping{Handler}")).Files.ShouldBeEmpty();

    private static string Source(string code) => "using System; using System.Threading; using System.Threading.Tasks; using Libp2p;\nnamespace Acme;\n" + code;

    private static void Reports(string id, string code)
    {
        var marked = new Marked(Source(code));
        marked.ShouldBeReported(GeneratorRun.Of(marked.Text), id);
    }
}
