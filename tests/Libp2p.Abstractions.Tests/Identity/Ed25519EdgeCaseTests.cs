using System.Text;

namespace Libp2p.Tests.Identity;

/// <summary>Row 17: odd Ed25519 encodings and orders have one frozen verdict.</summary>
public class Ed25519EdgeCaseTests
{
    [Fact]
    public void Row17_only_keys_and_commitments_of_a_canonical_encoding_and_prime_order_verify()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "vectors/ed25519-edge-cases/cctv.csv"));
        lines.Length.ShouldBeGreaterThan(140);
        foreach (var cells in lines.Skip(1).Select(line => line.Split(',')))
        {
            var flags = cells[4].Split('|', StringSplitOptions.RemoveEmptyEntries);
            Verify(cells[1], Encoding.ASCII.GetBytes(cells[3]), cells[2]).ShouldBe(flags.Length == 0, $"{cells[0]}: {cells[4]}");
        }
    }

    [Fact]
    public void Row17_of_the_cases_of_Taming_the_many_EdDSAs_none_verifies()
    {
        var accepted = Vectors.Json("ed25519-edge-cases/speccheck.json").EnumerateArray().Index()
            .Where(v => Verify(v.Item.Text("pub_key"), v.Item.Hex("message"), v.Item.Text("signature")))
            .Select(v => v.Index);

        accepted.ShouldBe([]);
    }

    private static bool Verify(string key, byte[] message, string signature) =>
        PublicKey.FromData(KeyType.Ed25519, Convert.FromHexString(key)).Verify(message, Convert.FromHexString(signature));
}
