using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Keys;

/// <summary><c>libp2p keys create</c>: a new identity.</summary>
internal static class CreateCommand
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    public static Command Create(CommonOptions common, Option<string?> file)
    {
        var type = new Option<string>("--type", "-t") { Description = "The kind of key.", DefaultValueFactory = _ => "ed25519" };
        type.AcceptOnlyFromAmong("ed25519", "secp256k1", "ecdsa", "rsa");
        var bits = new Option<int?>("--bits") { Description = $"The size of an RSA key, {MinRsaBits} to {MaxRsaBits}. Default: {PrivateKey.DefaultRsaBits}.", HelpName = "N" };
        var force = KeysCommand.Force("Overwrite a key that is there: its identity is lost.");
        var command = new Command("create", "Make a new key.") { type, bits, force };
        command.Validators.Add(result =>
        {
            if (result.GetValue(bits) is not { } asked) return;
            if (result.GetValue(type) != "rsa") result.AddError("--bits is for RSA keys; say --type rsa.");
            else if (asked is < MinRsaBits or > MaxRsaBits || asked % 8 != 0) result.AddError($"--bits is a multiple of 8 from {MinRsaBits} to {MaxRsaBits}.");
        });
        command.SetAction(result =>
        {
            var settings = common.Read(result);
            return LocalCommand.Run(settings, result.InvocationConfiguration, output =>
            {
                var target = new KeyFile(settings, result.GetValue(file));
                var kind = Enum.Parse<KeyType>(result.GetRequiredValue(type), ignoreCase: true);
                using var key = kind == KeyType.Rsa ? PrivateKey.GenerateRsa(result.GetValue(bits) ?? PrivateKey.DefaultRsaBits) : PrivateKey.Generate(kind);
                target.Save(key, result.GetValue(force));
                IdentityLines.Print(key.PublicKey, target.Path, "created", settings.Json, output);
            });
        });
        return command;
    }
}
