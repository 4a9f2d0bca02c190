using System.ComponentModel;
using System.Text.Json;

namespace Libp2p.Multiformats.Tests.Cids;

public class CidConversionTests
{
    private const string V0 = "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n";
    private const string V1 = "bafkreie5qrjvaw64n4tjm6hbnm7fnqvcssfed4whsjqxzslbd3jwhsk3mm";

    [Theory]
    [InlineData(V0)]
    [InlineData(V1)]
    public void Json_and_options_hold_a_CID_as_text(string text)
    {
        var cid = Cid.Parse(text);

        JsonSerializer.Serialize(cid).ShouldBe($"\"{text}\"");
        JsonSerializer.Deserialize<Cid>($"\"{text}\"").ShouldBe(cid);
        JsonSerializer.Deserialize<Dictionary<Cid, int>>(JsonSerializer.Serialize(new Dictionary<Cid, int> { [cid] = 1 }))!.Keys.ShouldBe([cid]);
        TypeDescriptor.GetConverter(typeof(Cid)).ConvertFromInvariantString(text).ShouldBe(cid);
        TypeDescriptor.GetConverter(typeof(Cid)).ConvertToInvariantString(cid).ShouldBe(text);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"nothing\"")]
    [InlineData("\"\"")]
    public void What_is_no_CID_in_json_is_a_json_error(string json) => Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Cid>(json));

    [Fact]
    public void Formats_are_names_and_prefixes_of_multibases()
    {
        var cid = Cid.Parse(V1);

        $"{cid}".ShouldBe(V1);
        $"{cid:base32}".ShouldBe(V1);
        $"{cid:b}".ShouldBe(V1);
        $"{cid:base36}".ShouldBe(cid.ToString(MultibaseEncoding.Base36));
        $"{cid:k}".ShouldBe(cid.ToString(MultibaseEncoding.Base36));
        $"{Cid.Parse(V0):base58btc}".ShouldBe(V0);
        Should.Throw<FormatException>(() => $"{cid:base33}");
        Should.Throw<InvalidOperationException>(() => $"{Cid.Parse(V0):base32}");
        ((ISpanFormattable)cid).TryFormat(new char[V1.Length - 1], out var written, default, null).ShouldBeFalse();
        written.ShouldBe(0);
    }
}
