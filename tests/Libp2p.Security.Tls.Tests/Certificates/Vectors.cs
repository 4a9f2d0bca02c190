using System.Text.Json;

namespace Libp2p.Security.Tls.Tests.Certificates;

/// <summary>The certificates of the specification and of rust-libp2p.</summary>
internal static class Vectors
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "vectors", "tls-certs");

    /// <param name="number">As in the specification: 1 to 4.</param>
    public static JsonElement Spec(int number)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "spec_certs.json")));
        return document.RootElement[number - 1].Clone();
    }

    public static byte[] SpecDer(int number) => Convert.FromHexString(Spec(number).GetProperty("cert_der_hex").GetString()!);

    public static byte[] Rust(string name) => File.ReadAllBytes(Path.Combine(Folder, "rust_test_assets", name + ".der"));
}
