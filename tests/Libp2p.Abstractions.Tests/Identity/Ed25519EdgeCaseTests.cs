using System.Text;

namespace Libp2p.Tests.Identity;

/// <summary>Row 17: odd Ed25519 encodings and orders have one frozen verdict.</summary>
public class Ed25519EdgeCaseTests
{
    private static readonly string[] Refused = ["low_order_A", "non_canonical_A", "non_canonical_R", "low_order_residue"];

    [Fact]
    public void Row17_only_canonical_encodings_and_keys_that_are_not_of_small_order_verify_and_without_the_cofactor()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "vectors/ed25519-edge-cases/cctv.csv"));
        lines.Length.ShouldBeGreaterThan(140);
        foreach (var cells in lines.Skip(1).Select(line => line.Split(',')))
        {
            var flags = cells[4].Split('|', StringSplitOptions.RemoveEmptyEntries);
            Verify(cells[1], Encoding.ASCII.GetBytes(cells[3]), cells[2]).ShouldBe(!flags.Any(Refused.Contains), $"{cells[0]}: {cells[4]}");
        }
    }

    // What go verifies of the fifteen cases: 1, 3, 5, 6, 14. The keys of 1 and 3 are of small order, that of 14 is not canonical.
    [Fact]
    public void Row17_of_the_cases_of_Taming_the_many_EdDSAs_verify_those_that_go_verifies_but_for_odd_keys()
    {
        var accepted = Vectors.Json("ed25519-edge-cases/speccheck.json").EnumerateArray().Index()
            .Where(v => Verify(v.Item.Text("pub_key"), v.Item.Hex("message"), v.Item.Text("signature")))
            .Select(v => v.Index);

        accepted.ShouldBe([5, 6]);
    }

    private static bool Verify(string key, byte[] message, string signature) =>
        PublicKey.FromData(KeyType.Ed25519, Convert.FromHexString(key)).Verify(message, Convert.FromHexString(signature));
}
