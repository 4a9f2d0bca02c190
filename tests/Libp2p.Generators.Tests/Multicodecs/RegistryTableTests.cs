using Libp2p.Generators.Multicodecs;
using Libp2p.Generators.Tests.Support;
using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Tests.Multicodecs;

public class RegistryTableTests
{
    private const string Codecs =
        """
        name,                           tag,            code,           status,     description
        identity,                       multihash,      0x00,           permanent,  raw binary
        sha2-256,                       multihash,      0x12,           permanent,
        ip4,                            multiaddr,      0x04,           permanent,

        dag-pb,                         ipld,           0x70,           permanent,  MerkleDAG <protobuf>, with a comma
        car-index-sorted,               serialization,  0x0400,         draft,      CARv2 IndexSorted index format
        ed2k,                           multihash,      0xd000,         deprecated,
        """;

    private const string Protocols =
        """
        code,	size,	name,	comment
        4,	32,	ip4,
        53,	V,	dns,  domain name
        421,	V,	p2p,	preferred over /ipfs
        421,	V,	ipfs,	backwards compatibility; equivalent to /p2p
        281, 	0,	webrtc-direct, no & value
        """;

    // The halves that are written by hand, as far as the emitted ones lean on them.
    private const string Source =
        """
        namespace Acme;
        public static class MulticodecTable;
        public readonly partial struct MultiaddrProtocol
        {
            private readonly byte _index;
            private MultiaddrProtocol(byte index) => _index = index;
            public int Code => TableCodes[_index] + TableSizes[_index] + TableNames.Length + IndexOf(4ul) + IndexOf("ip4");
        }
        """;

    [Fact]
    public void Snapshot_of_a_multicodec_table() => Snapshot.Match(Run(Table(Codecs)).File("Acme.Multicodec.g.cs"), "Multicodec");

    [Fact]
    public void Snapshot_of_a_protocol_table() => Snapshot.Match(Run(ProtocolTable(Protocols)).File("Acme.MultiaddrProtocol.g.cs"), "MultiaddrProtocol");

    [Fact]
    public void Emitted_code_compiles_without_warnings()
    {
        var run = Run(Table(Codecs), ProtocolTable(Protocols));

        run.Reported.ShouldBeEmpty();
        run.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Carriage_returns_change_nothing() =>
        Run(Table(Codecs.Replace("\n", "\r\n"))).File("Acme.Multicodec.g.cs").ShouldBe(Run(Table(Codecs)).File("Acme.Multicodec.g.cs"));

    [Fact]
    public void Other_files_are_left_alone() => Run(Table(Codecs) with { Kind = "" }).Files.ShouldBeEmpty();

    [Theory]
    [InlineData("[|identity, multihash|]", "LP2P0300")]
    [InlineData("[|i dentity, multihash, 0x00, draft,|]", "LP2P0300")]
    [InlineData("[|identity, multihash, zero, draft,|]", "LP2P0300")]
    [InlineData("[|identity, multihash, 0x100000000, draft,|]", "LP2P0300")]
    [InlineData("[|identity, multihash, 0x00, final,|]", "LP2P0301")]
    [InlineData("a, key, 0x01, draft,\n[|b, key, 0x1, draft,|]", "LP2P0302")]
    [InlineData("a, key, 0x01, draft,\n[|a, key, 0x02, draft,|]", "LP2P0302")]
    [InlineData("a-b, key, 0x01, draft,\n[|a-_b, key, 0x02, draft,|]", "LP2P0302")]
    public void Rows_of_codecs_that_cannot_be_taken_are_reported_where_they_stand(string rows, string id)
    {
        var marked = new Marked($"name, tag, code, status, description\n{rows}\nraw, ipld, 0x55, permanent,\n");
        var run = Run(Table(marked.Text));

        marked.ShouldBeReported(run, id);
        run.File("Acme.Multicodec.g.cs").ShouldContain("Raw = 0x55");
    }

    [Theory]
    [InlineData("[|4, 32|]", "LP2P0300")]
    [InlineData("[|four, 32, ip4,|]", "LP2P0300")]
    [InlineData("[|4, 33, ip4,|]", "LP2P0300")]
    [InlineData("[|70000, 32, ip4,|]", "LP2P0300")]
    [InlineData("[|4, 32, /ip4,|]", "LP2P0300")]
    [InlineData("4, 32, ip4,\n[|5, 32, ip4,|]", "LP2P0302")]
    public void Rows_of_protocols_that_cannot_be_taken_are_reported_where_they_stand(string rows, string id)
    {
        var marked = new Marked($"code, size, name, comment\n{rows}\n6, 16, tcp,\n");
        var run = Run(ProtocolTable(marked.Text));

        marked.ShouldBeReported(run, id);
        run.File("Acme.MultiaddrProtocol.g.cs").ShouldContain("MultiaddrProtocol Tcp");
    }

    [Theory]
    [InlineData("sha2-256", "Sha2_256")]
    [InlineData("sha2-512-224", "Sha2_512_224")]
    [InlineData("blake2b-256", "Blake2b256")]
    [InlineData("dag-pb", "DagPb")]
    [InlineData("quic-v1", "QuicV1")]
    [InlineData("p2p", "P2p")]
    [InlineData("x_y.z", "XYZ")]
    [InlineData("3id", "_3id")]
    public void Names_become_identifiers(string name, string identifier) => RegistryCsv.ToIdentifier(name).ShouldBe(identifier);

    [Fact]
    public void Tables_stay_cached_while_code_changes()
    {
        var run = Run(Table(Codecs), ProtocolTable(Protocols)).WithAnother("class Unrelated;");

        foreach (var stage in new[] { RegistryTableGenerator.MulticodecStage, RegistryTableGenerator.MultiaddrStage })
        {
            run.Reasons(stage).ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached || reason == IncrementalStepRunReason.Unchanged);
            run.Reasons(stage).Count().ShouldBe(1);
        }

        run.OutputReasons.ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void A_change_that_means_nothing_emits_nothing_anew()
    {
        var run = Run(Table(Codecs)).WithSchemas(Table(Codecs.Replace("sha2-256,    ", "sha2-256,")));

        run.Reasons(RegistryTableGenerator.MulticodecStage).ShouldBe([IncrementalStepRunReason.Unchanged]);
        run.OutputReasons.ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void A_change_of_one_table_leaves_the_other_cached()
    {
        var run = Run(Table(Codecs), ProtocolTable(Protocols)).WithSchemas(Table(Codecs), ProtocolTable(Protocols + "\n6, 16, tcp,\n"));

        run.Reasons(RegistryTableGenerator.MultiaddrStage).ShouldBe([IncrementalStepRunReason.Modified]);
        run.Reasons(RegistryTableGenerator.MulticodecStage).ShouldBe([IncrementalStepRunReason.Unchanged]);
    }

    private static GeneratorRun Run(params SchemaFile[] tables) => GeneratorRun.Of(Source, tables);

    private static SchemaFile Table(string text) => new("/src/table.csv", text, "Acme", Kind: "MulticodecTable");

    private static SchemaFile ProtocolTable(string text) => new("/src/protocols.csv", text, "Acme", Kind: "MultiaddrProtocols");
}
