using CsCheck;

namespace Libp2p.Multiformats.Tests.Cids;

public class CidTests
{
    private const string V0 = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";

    public static TheoryData<string> Valid => [.. Strings("valid")];

    public static TheoryData<string> Invalid => [.. Strings("invalid")];

    [Theory]
    [MemberData(nameof(Valid))]
    public void Vectors_survive_both_forms(string text)
    {
        var cid = Cid.Parse(text);

        Cid.Decode(cid.Span).ShouldBe(cid);
        Cid.Parse(cid.ToString()).ShouldBe(cid);
        Cid.Parse(cid.ToV1().ToString(MultibaseEncoding.Base36)).ShouldBe(cid.ToV1());
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    [InlineData("Q")]
    [InlineData("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5")]
    [InlineData("f")]
    [InlineData("f02701220c3c4733ec8affd06cf9e9ff50ffc6bcd2ec85a6170004bb709669c31de94391a")]
    [InlineData("f01701220c3c4733ec8affd06cf9e9ff50ffc6bcd2ec85a6170004bb709669c31de94391a00")]
    [InlineData("f0170")]
    [InlineData("f018000")]
    public void Other_texts_are_refused(string text)
    {
        Cid.TryParse(text, out var cid, out var error).ShouldBeFalse();

        cid.ShouldBeNull();
        Should.Throw<MultiformatException>(() => Cid.Parse(text)).Message.ShouldBe(error);
    }

    [Fact]
    public void Texts_of_one_cid_are_equal()
    {
        foreach (var pair in Vectors.Json("cid/cids.json").GetProperty("equal").EnumerateArray())
        {
            var cids = pair.EnumerateArray().Select(e => Cid.Parse(e.GetString()!)).ToList();
            cids.ShouldAllBe(cid => cid == cids[0]);
            cids.ShouldAllBe(cid => cid.GetHashCode() == cids[0].GetHashCode());
        }
    }

    [Fact]
    public void Peer_ids_have_a_cid()
    {
        foreach (var pair in Vectors.Json("cid/cids.json").GetProperty("peer_id_cids").EnumerateArray())
        {
            var multihash = Multihash.Parse(Base58.Decode(pair.GetProperty("peer_id").GetString()));
            Cid.Create(Multicodec.Libp2pKey, multihash).ToString().ShouldBe(pair.GetProperty("cid_base32").GetString());
        }
    }

    [Fact]
    public void Version_0_is_dag_pb_in_base58()
    {
        var cid = Cid.Parse(V0);

        cid.Version.ShouldBe(0);
        cid.Codec.ShouldBe(Multicodec.DagPb);
        cid.Hash.Code.ShouldBe(Multicodec.Sha2_256);
        cid.ToString().ShouldBe(V0);
        cid.ToString(MultibaseEncoding.Base58Btc).ShouldBe(V0);
        Should.Throw<InvalidOperationException>(() => cid.ToString(MultibaseEncoding.Base32));
        Cid.TryDecode(cid.Span[..^1], out _, out _).ShouldBeFalse();
        Cid.TryDecode([.. cid.Span, 0], out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Versions_convert_where_they_can()
    {
        var v0 = Cid.Parse(V0);
        var v1 = v0.ToV1();

        v1.Version.ShouldBe(1);
        v1.Hash.ShouldBe(v0.Hash);
        v1.ShouldNotBe(v0);
        v1.ToV0().ShouldBe(v0);
        v0.ToV0().ShouldBeSameAs(v0);
        v1.ToV1().ShouldBeSameAs(v1);
        Should.Throw<InvalidOperationException>(() => Cid.Create(Multicodec.Raw, v0.Hash).ToV0());
        Should.Throw<InvalidOperationException>(() => Cid.Create(Multicodec.DagPb, Multihash.Sum(Multicodec.Sha2_256, [], 20)).ToV0());
        Should.Throw<ArgumentException>(() => Cid.Create(Multicodec.Raw, default));
    }

    [Fact]
    public void Cids_round_trip_and_every_prefix_is_refused() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Byte.Array[0, 128]).Sample((codec, hash, digest) =>
        {
            var multihash = Multihash.Create((Multicodec)(hash & UnsignedVarint.MaxValue), digest);
            var cid = Cid.Create((Multicodec)(codec & UnsignedVarint.MaxValue), multihash);

            Cid.Decode(cid.Span).ShouldBe(cid);
            cid.Hash.ShouldBe(multihash);
            foreach (var encoding in Multibase.Encodings.Where(e => e != MultibaseEncoding.Identity))
            {
                Cid.Parse(cid.ToString(encoding)).ShouldBe(cid);
            }

            for (var length = 0; length < cid.Bytes.Length; length++)
            {
                Cid.TryDecode(cid.Span[..length], out _, out var error).ShouldBeFalse();
                error.ShouldNotBeNullOrWhiteSpace();
            }
        }, iter: 200);

    [Fact]
    public void Text_is_bounded() => Cid.TryParse("f" + new string('0', Cid.MaxTextLength), out _).ShouldBeFalse();

    [Fact]
    public void Cids_order_by_bytes()
    {
        var (a, b) = (Cid.Parse(V0), Cid.Parse(V0).ToV1());

        a.CompareTo(b).ShouldBeGreaterThan(0);
        b.CompareTo(a).ShouldBeLessThan(0);
        a.CompareTo(null).ShouldBeGreaterThan(0);
        a.CompareTo(Cid.Decode(a.Span)).ShouldBe(0);
    }

    private static IEnumerable<string> Strings(string name) => Vectors.Json("cid/cids.json").GetProperty(name).EnumerateArray().Select(e => e.GetString()!);
}
