namespace Libp2p.Multiformats.Tests.Multicodecs;

public class MulticodecTableTests
{
    [Fact]
    public void Every_row_of_the_registry_is_found_by_code_and_by_name()
    {
        var rows = Vectors.Csv("registries/table.csv", columns: 5).ToList();

        MulticodecTable.Count.ShouldBe(rows.Count);
        foreach (var row in rows)
        {
            var code = (Multicodec)Convert.ToUInt64(row[2], 16);
            MulticodecTable.TryGetName(code, out var name).ShouldBeTrue();
            name.ShouldBe(row[0]);
            MulticodecTable.GetNameUtf8(code).SequenceEqual(System.Text.Encoding.UTF8.GetBytes(row[0])).ShouldBeTrue();
            MulticodecTable.TryGetCode(row[0], out var byName).ShouldBeTrue();
            byName.ShouldBe(code);
            MulticodecTable.TryGetTag(code, out var tag).ShouldBeTrue();
            tag.ShouldBe(row[1]);
            MulticodecTable.TryGetStatus(code, out var status).ShouldBeTrue();
            status.ToString().ShouldBe(row[3], StringCompareShould.IgnoreCase);
            Enum.IsDefined(code).ShouldBeTrue();
        }
    }

    [Fact]
    public void Codes_ascend()
    {
        MulticodecTable.Codes.ShouldBeInOrder();
        MulticodecTable.Codes.Count().ShouldBe(MulticodecTable.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no-such-codec")]
    [InlineData("SHA2-256")]
    [InlineData("sha2-256 ")]
    [InlineData("shé")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void Unknown_names_are_not_found(string name) => MulticodecTable.TryGetCode(name, out _).ShouldBeFalse();

    [Theory]
    [InlineData(0x99999UL)]
    [InlineData((1UL << 32) + 0x12)]
    [InlineData(ulong.MaxValue)]
    public void Unknown_codes_are_not_found(ulong code)
    {
        var codec = (Multicodec)code;

        MulticodecTable.IsRegistered(codec).ShouldBeFalse();
        MulticodecTable.TryGetName(codec, out _).ShouldBeFalse();
        MulticodecTable.TryGetTag(codec, out _).ShouldBeFalse();
        MulticodecTable.TryGetStatus(codec, out _).ShouldBeFalse();
        MulticodecTable.GetNameUtf8(codec).IsEmpty.ShouldBeTrue();
        MulticodecTable.Describe(codec).ShouldBe($"0x{code:x}");
    }

    [Fact]
    public void Well_known_codes_have_the_names_that_one_would_guess()
    {
        ((ulong)Multicodec.Identity).ShouldBe(0UL);
        ((ulong)Multicodec.Sha2_256).ShouldBe(0x12UL);
        ((ulong)Multicodec.DagPb).ShouldBe(0x70UL);
        ((ulong)Multicodec.Libp2pKey).ShouldBe(0x72UL);
        ((ulong)Multicodec.Ed25519Pub).ShouldBe(0xedUL);
        ((ulong)Multicodec.Blake2b256).ShouldBe(0xb220UL);
        ((ulong)Multicodec.Libp2pPeerRecord).ShouldBe(0x0301UL);
    }
}
