//! Builds the application as it is shipped and packs it: the same package that `cargo tauri build`
//! makes, by the same library, for those who don't have that tool.

use anyhow::Result;

/// Packs the application, with the packer that only a build with the feature `bundle` has.
#[cfg(not(feature = "bundle"))]
pub(crate) fn pack() -> Result<()> {
    crate::tools::again("bundle")
}

/// Packs the application.
#[cfg(feature = "bundle")]
pub(crate) fn pack() -> Result<()> {
    use crate::run::{self, Profile};
    use crate::setup::{self, Purpose};

    setup::run(Purpose::Build)?;
    run::build(Profile::Release, &["edge-console"], &[])?;
    packing::pack()
}

#[cfg(feature = "bundle")]
mod packing {
    use std::fs;
    use std::path::Path;
    use std::str::FromStr;

    use anyhow::{Context, Result};
    use serde::Deserialize;
    use tauri_bundler::{
        AppCategory, BundleBinary, BundleSettings, DebianSettings, PackageSettings, PackageType,
        SettingsBuilder, bundle_project,
    };

    use crate::tools;

    /// What of `tauri.conf.json` a package is made from.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Configuration {
        product_name: String,
        main_binary_name: String,
        identifier: String,
        bundle: Bundle,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Bundle {
        icon: Vec<String>,
        short_description: String,
        long_description: String,
        category: String,
        publisher: String,
        license: String,
        linux: Linux,
    }

    #[derive(Deserialize)]
    struct Linux {
        deb: Deb,
    }

    #[derive(Deserialize)]
    struct Deb {
        depends: Vec<String>,
        section: String,
    }

    /// What every application on WebKitGTK needs. Tauri's own tool adds them by itself.
    const WEBVIEW: [&str; 2] = ["libwebkit2gtk-4.1-0", "libgtk-3-0"];

    pub(super) fn pack() -> Result<()> {
        let host = tools::root().join("src-tauri");
        let text = fs::read_to_string(host.join("tauri.conf.json"))?;
        let configuration: Configuration =
            serde_json::from_str(&text).context("tauri.conf.json lacks what a package needs")?;
        let target = tools::target()?;
        let settings = SettingsBuilder::new()
            .project_out_directory(target.join("release"))
            .package_settings(PackageSettings {
                product_name: configuration.product_name,
                version: env!("CARGO_PKG_VERSION").to_owned(),
                description: configuration.bundle.short_description.clone(),
                homepage: None,
                authors: None,
                default_run: None,
            })
            .binaries(vec![BundleBinary::new(
                configuration.main_binary_name,
                true,
            )])
            .package_types(vec![PackageType::Deb])
            .bundle_settings(BundleSettings {
                identifier: Some(configuration.identifier),
                publisher: Some(configuration.bundle.publisher),
                category: AppCategory::from_str(&configuration.bundle.category).ok(),
                icon: Some(absolute(&host, &configuration.bundle.icon)),
                license: Some(configuration.bundle.license),
                short_description: Some(configuration.bundle.short_description),
                long_description: Some(configuration.bundle.long_description),
                deb: DebianSettings {
                    depends: Some(
                        WEBVIEW
                            .map(str::to_owned)
                            .into_iter()
                            .chain(configuration.bundle.linux.deb.depends)
                            .collect(),
                    ),
                    section: Some(configuration.bundle.linux.deb.section),
                    ..DebianSettings::default()
                },
                ..BundleSettings::default()
            })
            .build()
            .context("the package's settings don't fit together")?;
        for bundle in bundle_project(&settings).context("the application could not be packed")? {
            for path in bundle.bundle_paths {
                println!("bundle: {}", path.display());
            }
        }
        Ok(())
    }

    fn absolute(folder: &Path, files: &[String]) -> Vec<String> {
        files
            .iter()
            .map(|file| folder.join(file).to_string_lossy().into_owned())
            .collect()
    }
}
